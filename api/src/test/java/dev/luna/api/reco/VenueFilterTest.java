package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.SnakeCase;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Where a part of a filter has to be named besides the filter. */
class VenueFilterTest {

    @Test
    void cursorsTellEachPart() {
        assertThat(VenueFilter.NONE.parts()).hasSameSizeAs(VenueFilter.class.getRecordComponents());
    }

    @Test
    void eachFieldIsAReasonThatKeepsAVenueOut() throws NoSuchFieldException {
        Schema keptOutBy = VenueReason.class.getDeclaredField("keptOutBy").getAnnotation(Schema.class);

        assertThat(keptOutBy.allowableValues())
                .containsAll(Arrays.stream(FilterFields.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .map(SnakeCase::of)
                        .toList());
    }
}
