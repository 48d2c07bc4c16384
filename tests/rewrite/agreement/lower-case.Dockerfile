from debian
run sudo make
user 1000
