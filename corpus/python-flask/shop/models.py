from flask_sqlalchemy import SQLAlchemy

database = SQLAlchemy()


class Product(database.Model):
    id = database.Column(database.Integer, primary_key=True)
    name = database.Column(database.String, nullable=False)
    cents = database.Column(database.Integer, nullable=False)
