"""The tree of complaint categories (投诉目录树) and the grading of a text: category, severity, emotion, with reasons.

It knows texts, not complaints: grading.grade is computed from values only, and what it says is a proposal.
"""
