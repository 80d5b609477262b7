package dev.luna.api.web;

import dev.luna.batch.database.ShortTransactions;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Gives {@link WriteTransactions} to those who ask for it by name, and leaves everybody else the usual manager. */
@Configuration(proxyBeanMethods = false)
class WriteTransactionConfiguration {

    @Bean(name = WriteTransactions.NAME, defaultCandidate = false)
    ShortTransactions writeTransactions(DataSource dataSource) {
        return new ShortTransactions(dataSource, Duration.ofSeconds(3));
    }

    @Bean(name = WriteTransactions.PATIENT, defaultCandidate = false)
    ShortTransactions patientWriteTransactions(DataSource dataSource) {
        return new ShortTransactions(dataSource, Duration.ZERO);
    }
}
