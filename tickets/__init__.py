"""What people must still do: tickets, the people who call, the people who answer, and the rules between them."""
