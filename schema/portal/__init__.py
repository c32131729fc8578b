"""What a customer sees and does in the self-service portal: types of their own, no staff field can be reached."""
