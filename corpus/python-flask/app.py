import os

from flask import Flask, jsonify, render_template
from shop.models import Product, database
from shop.tools import tools


def create_app():
    app = Flask(__name__)
    path = os.path.join(app.root_path, "data", "shop.db")
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{path}"
    database.init_app(app)
    app.register_blueprint(tools, url_prefix="/tools")
    with app.app_context():
        database.create_all()
        if not Product.query.count():
            database.session.add_all([Product(name="Kettle", cents=2490), Product(name="Crème brûlée set", cents=3900)])
            database.session.commit()

    @app.get("/")
    def index():
        return render_template("index.html")

    @app.get("/health")
    def health():
        return jsonify(status="ok")

    @app.get("/products")
    def products():
        return render_template("products.html", products=Product.query.order_by(Product.name))

    @app.errorhandler(404)
    def missing(error):
        return render_template("404.html"), 404

    return app


if __name__ == "__main__":
    create_app().run(host="0.0.0.0", port=5000)
