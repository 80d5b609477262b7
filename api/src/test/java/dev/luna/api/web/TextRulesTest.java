package dev.luna.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextRulesTest {

    private static final String GRIN = "\ud83d\ude00";

    @Test
    void textsOfWholeCharactersWithoutNulCanBeStored() {
        assertThat(List.of("", "a", GRIN, "a" + GRIN + GRIN + "\ufffd\ue000\ud7ff"))
                .allMatch(TextRules::isStorable);
        assertThat(List.of("\0", "a\0b", "\ud83d", "a\ud83db", "\ude00a", "\ude00\ud83d", GRIN + "\ud83d"))
                .noneMatch(TextRules::isStorable);
    }

    @Test
    void anIdIsWrittenInFullInAsciiDigits() {
        assertThat(List.of("0f1e2d3c-4b5a-4968-8778-695a4b3c2d1e", "0F1E2D3C-4B5A-4968-8778-695A4B3C2D1E"))
                .allMatch(TextRules::isUuid);
        assertThat(List.of(
                        "1-1-1-1-1",
                        "0f1e2d3c-4b5a-4968-8778-695a4b3c2d1",
                        "0f1e2d3c-4b5a-4968-8778-695a4b3c2d1e0",
                        "0f1e2d3c04b5a-4968-8778-695a4b3c2d1e",
                        "0f1e2d3c-4b5a04968-8778-695a4b3c2d1e",
                        "0f1e2d3c-4b5a-496808778-695a4b3c2d1e",
                        "0f1e2d3c-4b5a-4968-87780695a4b3c2d1e",
                        "0f1e2d3c-4b5a-4968-8778-695a4b3c2d1g",
                        "\u0660f1e2d3c-4b5a-4968-8778-695a4b3c2d1e"))
                .noneMatch(TextRules::isUuid);
    }

    @Test
    void anExcerptEndsBeforeACharacterThatDoesNotFit() {
        assertThat(TextRules.excerpt("abc" + GRIN, 5)).isEqualTo("abc" + GRIN);
        assertThat(TextRules.excerpt("abc" + GRIN + "d", 5)).isEqualTo("abc" + GRIN + "...");
        assertThat(TextRules.excerpt("abc" + GRIN + "d", 4)).isEqualTo("abc...");
    }

    @Test
    void anExcerptHasNoLoneSurrogates() {
        assertThat(TextRules.excerpt("a\ud800b", 5)).isEqualTo("a?b");
        assertThat(TextRules.excerpt("a\udc00b", 2)).isEqualTo("a?...");
    }
}
