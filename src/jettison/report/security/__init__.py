"""What a report says of vulnerabilities: the data, and its forms for people and for programs."""
