"""Who is on duty when, and who stands in for whom: desks over time zones, shifts, rosters, absences with deputies."""
