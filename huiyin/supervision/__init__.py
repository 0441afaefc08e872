"""督办: what happens as time passes and nobody acts. Who is told at which share of a promise; an order that nobody
signs for goes to the next; cases climb the organisation tree; those above ask for an account, and get one."""
