package dev.luna.api.runs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "luna runs                                   | GET /runs",
                "luna runs show 17                           | GET /runs/17",
                "luna runs watch 17                          | GET /runs/17/events",
                "luna runs stop 17                           | POST /runs/17/stop",
                "luna runs restart 17                        | POST /runs/17/restart",
                "luna runs publish 17                        | POST /runs/17/publish",
                "luna runs publish 17 --force                | POST /runs/17/publish?force=true",
                "luna runs diff 17 --against ID              | GET /runs/17/diff?against=ID",
                "luna recompute                              | POST /runs",
                "luna recompute --refresh                    | POST /runs {\"kind\": \"refresh\"}",
                "luna recompute --profile SETTING=VALUE      | POST /runs {\"profile\": {\"SETTING\": VALUE}}"
            })
    void theCallStandsBesideTheCommand(String command, String call) {
        assertThat(Calls.beside("Do `" + command + "` now")).isEqualTo("Do `" + command + "` (" + call + ") now");
    }

    @Test
    void everyCommandOfASentenceHasItsCallAndOthersHaveNone() {
        assertThat(Calls.beside("watch it with `luna runs watch 5`, stop it with `luna runs stop 5`"))
                .isEqualTo("watch it with `luna runs watch 5` (GET /runs/5/events),"
                        + " stop it with `luna runs stop 5` (POST /runs/5/stop)");
        assertThat(Calls.beside("Load them with `luna import DIR`")).isEqualTo("Load them with `luna import DIR`");
    }
}
