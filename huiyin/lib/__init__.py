"""Tools without a domain word: sealing, cutting words, canonical JSON, pages, limits, files.

Nothing here knows what a complaint is. A tool that needs to know belongs to the app whose word it needs.
"""
