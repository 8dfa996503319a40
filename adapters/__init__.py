"""The platforms, one adapter each; they know the contract and nothing else of the bot."""
