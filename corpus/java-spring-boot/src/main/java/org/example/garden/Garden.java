package org.example.garden;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class Garden {
    public static void main(String[] args) {
        SpringApplication.run(Garden.class, args);
    }
}
