<!doctype html><title>Recipes</title><h1>Recipes</h1>
