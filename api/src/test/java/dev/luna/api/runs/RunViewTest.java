package dev.luna.api.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.run.PartitionProgress;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunFixture;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class RunViewTest {

    private final JsonMapper mapper = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enumNamingStrategy(EnumNamingStrategies.SNAKE_CASE)
            .build();

    /** The resource is also what the command line gives. */
    @Test
    void everythingAboutARunIsTold() throws IOException {
        Run run = RunFixture.withEverything();
        ObjectNode expected = (ObjectNode) mapper.readTree(new ClassPathResource("run.json").getContentAsByteArray());

        assertThat(json(RunView.of(run, List.of(new PartitionProgress(3, 5, 8)))))
                .isEqualTo(expected);

        expected.remove("partitions");
        assertThat(json(RunView.of(run))).isEqualTo(expected);
    }

    private JsonNode json(RunView run) {
        return mapper.readTree(mapper.writeValueAsString(run));
    }
}
