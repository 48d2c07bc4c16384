package org.example.garden;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

@Controller
public class Pages {
    private final JdbcTemplate database;

    public Pages(JdbcTemplate database) {
        this.database = database;
    }

    @GetMapping("/plants")
    public String plants(Model model) {
        model.addAttribute("plants", database.queryForList("select name, height from plant order by height"));
        return "plants";
    }
}
