"""Promises and working time: what is owed by when, under which version of the policy, and why.

`engine` counts time, `almanac` knows the holidays, `policy` reads the policy document, `promises` puts them
together into deadlines, `explaining` says a deadline's reasons in one sentence. All five are values only.
"""
