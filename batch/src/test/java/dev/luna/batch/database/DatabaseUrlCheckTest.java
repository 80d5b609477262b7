package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.mock.env.MockEnvironment;

class DatabaseUrlCheckTest {

    /** As Java 17 and later read {@code "gehäim"} from the environment of a process without a locale. */
    @Test
    void aPasswordThatTheLocaleMangledIsRefusedUnshown() {
        DatabaseUrlCheck check = new DatabaseUrlCheck();
        check.setEnvironment(new MockEnvironment()
                .withProperty("spring.datasource.url", "jdbc:postgresql://127.0.0.1:5432/luna")
                .withProperty("spring.datasource.password", "geh\uFFFD\uFFFDim"));

        assertThatThrownBy(() -> check.postProcessBeanFactory(new DefaultListableBeanFactory()))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessageEndingWith("its password has letters that cannot be read in this process's locale;"
                        + " set LC_ALL=C.UTF-8 in its environment");
    }

    /** The pool leaves a placeholder that stands for nothing as it is. */
    @Test
    void aPasswordThatLooksLikeAPlaceholderIsNoFault() {
        DatabaseUrlCheck check = new DatabaseUrlCheck();
        MockEnvironment environment = new MockEnvironment()
                .withProperty("spring.datasource.url", "jdbc:postgresql://127.0.0.1:5432/luna")
                .withProperty("spring.datasource.password", "pa${ss}word");

        assertThatCode(() -> {
                    check.setEnvironment(environment);
                    check.postProcessBeanFactory(new DefaultListableBeanFactory());
                })
                .doesNotThrowAnyException();
    }
}
