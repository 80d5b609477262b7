package dev.luna.api;

import org.springframework.boot.SpringApplication;

public final class LunaServer {
    private LunaServer() {}

    public static void main(String[] args) {
        SpringApplication.run(LunaApi.class, args);
    }
}
