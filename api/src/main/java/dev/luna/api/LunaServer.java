package dev.luna.api;

public final class LunaServer {
    private LunaServer() {}

    public static void main(String[] args) {}
}
