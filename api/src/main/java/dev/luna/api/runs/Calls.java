package dev.luna.api.runs;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sentences about runs name what to do as commands of a shell; here the calls that do the same stand beside them. */
final class Calls {

    private static final Pattern COMMAND =
            Pattern.compile("`luna (?:recompute[^`]*|runs|runs (show|watch|stop|restart|publish|diff) (\\d+)([^`]*))`");

    private Calls() {}

    /** The sentence with the call after each command that has one: {@code `luna runs stop 5` (POST /runs/5/stop)}. */
    static String beside(String sentence) {
        return COMMAND.matcher(sentence)
                .replaceAll(command -> Matcher.quoteReplacement(command.group() + " (" + call(command) + ")"));
    }

    private static String call(MatchResult command) {
        String verb = command.group(1);
        if (verb == null) {
            return command.group().startsWith("`luna runs") ? "GET /runs" : "POST /runs" + body(command.group());
        }
        String run = "/runs/" + command.group(2);
        return switch (verb) {
            case "show" -> "GET " + run;
            case "watch" -> "GET " + run + "/events";
            case "diff" -> "GET " + run + "/diff?against=ID";
            case "publish" -> "POST " + run + "/publish" + (command.group(3).contains("--force") ? "?force=true" : "");
            default -> "POST " + run + "/" + verb;
        };
    }

    /** What the options of a recompute are over HTTP. No sentence names both. */
    private static String body(String recompute) {
        if (recompute.contains("--refresh")) {
            return " {\"kind\": \"refresh\"}";
        }
        return recompute.contains("--profile") ? " {\"profile\": {\"SETTING\": VALUE}}" : "";
    }
}
