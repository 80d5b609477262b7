package dev.luna.api.web;

import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Gives {@link WriteTransactions} to those who ask for it by name, and leaves everybody else the usual manager. */
@Configuration(proxyBeanMethods = false)
class WriteTransactionConfiguration {

    @Bean(name = WriteTransactions.NAME, defaultCandidate = false)
    WriteTransactions writeTransactions(DataSource dataSource) {
        return new WriteTransactions(dataSource, Duration.ofSeconds(3));
    }

    @Bean(name = WriteTransactions.PATIENT, defaultCandidate = false)
    WriteTransactions patientWriteTransactions(DataSource dataSource) {
        return new WriteTransactions(dataSource, Duration.ZERO);
    }
}
