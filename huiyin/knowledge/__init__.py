"""What the desk says and how it goes about it: scripts, words to avoid, playbooks, methods and typical cases.

Knows nothing of complaints; what was done with a playbook on one complaint lies above.
"""
