package dev.luna.api.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@code curl} command of the README with the output that it shows there.
 *
 * @param method as curl chooses it
 * @param path path and query
 * @param headers names and values in turn
 * @param output the shown lines, joined without their line breaks
 * @param isAfterRecompute whether everything is ranked anew between the example before and this one
 */
record ReadmeExample(
        String method,
        String path,
        List<String> headers,
        @Nullable String body,
        String output,
        String command,
        boolean isAfterRecompute) {

    private static final String SERVER = "http://127.0.0.1:8080";
    private static final Pattern ASSIGNMENT = Pattern.compile("\\$ ([A-Z]+)=(\\S+)");
    private static final Pattern HERE_DOCUMENT = Pattern.compile(" <<'([A-Z]+)'$");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"((?:[^\"\\\\]|\\\\.)*)\"|(\\|)|(\\S+)");

    /** All commands of the README's console blocks that start with curl, in their order. */
    static List<ReadmeExample> in(List<String> readme) {
        List<ReadmeExample> examples = new ArrayList<>();
        Map<String, String> variables = new HashMap<>();
        boolean isConsole = false;
        boolean isAfterRecompute = false;
        for (int i = 0; i < readme.size(); i++) {
            String line = readme.get(i);
            if (line.startsWith("```")) {
                isConsole = line.equals("```console");
            }
            Matcher assignment = ASSIGNMENT.matcher(line);
            if (assignment.matches()) {
                variables.put(assignment.group(1), assignment.group(2));
            }
            isAfterRecompute |= line.equals("$ scripts/luna recompute");
            if (!isConsole || !line.startsWith("$ curl ")) {
                continue;
            }
            StringBuilder command = new StringBuilder(line.substring(2));
            while (command.charAt(command.length() - 1) == '\\' || isOpen(command)) {
                if (command.charAt(command.length() - 1) == '\\') {
                    command.setLength(command.length() - 1);
                }
                command.append(readme.get(++i).strip());
            }
            String body = null;
            Matcher hereDocument = HERE_DOCUMENT.matcher(command);
            if (hereDocument.find()) {
                List<String> lines = new ArrayList<>();
                while (!readme.get(++i).equals(hereDocument.group(1))) {
                    lines.add(readme.get(i));
                }
                body = String.join("\n", lines);
                command.setLength(hereDocument.start());
            }
            examples.add(of(command.toString(), variables, body, output(readme, i + 1), isAfterRecompute));
            isAfterRecompute = false;
        }
        return examples;
    }

    /** Whether a single quote is open at the command's end. */
    private static boolean isOpen(CharSequence command) {
        return command.chars().filter(c -> c == '\'').count() % 2 == 1;
    }

    /** What follows a command up to the next one; a blank line belongs to it when it ends the headers. */
    private static String output(List<String> readme, int from) {
        StringBuilder output = new StringBuilder();
        for (int i = from; i < readme.size(); i++) {
            String line = readme.get(i);
            if (line.startsWith("$ ") || line.startsWith("```")) {
                break;
            }
            output.append(line)
                    .append(
                            output.indexOf("HTTP/1.1") == 0
                                            && !output.toString().contains("\n\n")
                                    ? "\n"
                                    : "");
        }
        return output.toString();
    }

    private static ReadmeExample of(
            String command,
            Map<String, String> variables,
            @Nullable String hereDocument,
            String output,
            boolean isAfterRecompute) {
        List<String> words = words(command, variables);
        String method = null;
        String path = null;
        String body = hereDocument;
        List<String> headers = new ArrayList<>();
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            switch (word) {
                case "-s", "-i" -> {}
                case "-X" -> method = words.get(++i);
                case "-H" -> headers.addAll(Arrays.asList(words.get(++i).split(": ", 2)));
                case "-d" -> body = words.get(++i);
                case "--data-binary" -> i++;
                default -> {
                    if (!word.startsWith(SERVER)) {
                        throw new IllegalArgumentException(
                                "the README's '%s' has '%s', which this reader of examples does not know"
                                        .formatted(command, word));
                    }
                    path = word.substring(SERVER.length());
                }
            }
        }
        if (path == null) {
            throw new IllegalArgumentException("the README's '%s' names no URL at %s".formatted(command, SERVER));
        }
        String chosen = method != null ? method : body == null ? "GET" : "POST";
        return new ReadmeExample(chosen, path, headers, body, output, command, isAfterRecompute);
    }

    /** The command's words as a shell reads them, up to a pipe. */
    private static List<String> words(String command, Map<String, String> variables) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(command);
        while (word.find() && word.group(3) == null) {
            if (word.group(1) != null) {
                words.add(word.group(1));
            } else {
                String text = word.group(2) != null ? word.group(2).replaceAll("\\\\(.)", "$1") : word.group(4);
                for (Map.Entry<String, String> variable : variables.entrySet()) {
                    text = text.replace("$" + variable.getKey(), variable.getValue());
                }
                words.add(text);
            }
        }
        return words;
    }
}
