package org.example;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;

/** The quotes that come with the program. */
final class Quotes {
    record Quote(String author, String text) {}

    List<Quote> all() throws Exception {
        var stream = Quotes.class.getResourceAsStream("/quotes.tsv");
        try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return reader.lines().map(line -> line.split("\t")).map(cells -> new Quote(cells[0], cells[1])).toList();
        }
    }

    int count(String author) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            connection.createStatement().execute("create table quote (author text, words text)");
            var insert = connection.prepareStatement("insert into quote values (?, ?)");
            for (Quote quote : all()) {
                insert.setString(1, quote.author());
                insert.setString(2, quote.text());
                insert.execute();
            }
            var query = connection.prepareStatement("select count(*) from quote where author = ?");
            query.setString(1, author);
            return query.executeQuery().getInt(1);
        }
    }
}
