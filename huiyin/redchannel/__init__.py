"""红色通道: the gravest cases. The executive emergency group is paged until somebody confirms; a task force stands
within half an hour, a war room meets, and management hears every day of what is still open at level 2."""
