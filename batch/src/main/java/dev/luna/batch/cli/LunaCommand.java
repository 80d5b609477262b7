package dev.luna.batch.cli;

public final class LunaCommand {
    private LunaCommand() {}

    public static void main(String[] args) {}
}
