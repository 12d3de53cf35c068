"""Who: patients, their names, addresses, phones, contacts and guarantors, and how they are found."""
