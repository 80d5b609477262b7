package dev.luna.api;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.luna.api.web.WriteTransactions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.RestController;

/** Who may import whom. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.luna");

    /**
     * Features, the root being the one without a name, and the only packages of Luna each may use besides its own and
     * {@code web}. Constants are not seen: the compiler copies them.
     */
    private static final List<String> RULES = List.of(
            "users:",
            "friends:",
            "venues:",
            "interactions:dev.luna.api.idempotency",
            "idempotency:",
            "plans:dev.luna.api.bookings,dev.luna.api.reco,dev.luna.api.idempotency",
            "bookings:",
            "health:",
            "docs:dev.luna.api.idempotency",
            "web:dev.luna.batch.database",
            "reco:dev.luna.batch.scoring,dev.luna.batch.database",
            "runs:dev.luna.batch.run",
            "demo:dev.luna.batch.run,dev.luna.batch.sample,dev.luna.batch.database",
            ":dev.luna.api.demo,dev.luna.batch,dev.luna.batch.database");

    @ParameterizedTest
    @FieldSource("RULES")
    void aFeatureUsesItsOwnPackageAndWeb(String rule) {
        String name = nameOf(rule);
        String feature = name.isEmpty() ? "dev.luna.api" : "dev.luna.api." + name;
        List<String> allowed = new ArrayList<>(List.of(feature, "dev.luna.api.web"));
        allowed.addAll(List.of(rule.substring(rule.indexOf(':') + 1).split(",")));
        assertMatches(feature);

        noClasses()
                .that(resideInAPackage(feature))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.luna..")
                        .and(JavaClass.Predicates.resideOutsideOfPackages(allowed.toArray(String[]::new))))
                .check(CLASSES);
    }

    @Test
    void everyFeatureHasARule() {
        Set<String> features = CLASSES.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith("dev.luna.api"))
                .map(name -> name.substring("dev.luna.api".length()).replaceFirst("^\\.", ""))
                .collect(Collectors.toSet());

        assertThat(features)
                .containsExactlyInAnyOrderElementsOf(
                        RULES.stream().map(ArchitectureTest::nameOf).toList());
    }

    @Test
    void nothingInBatchKnowsTheApi() {
        assertMatches("dev.luna.batch.run");

        noClasses()
                .that(resideInAPackage("dev.luna.batch.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.luna.api..", "org.springframework.web.."))
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.luna.api.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void controllersArePackagePrivate() {
        List<JavaClass> controllers = CLASSES.stream()
                .filter(type -> type.isAnnotatedWith(RestController.class) || type.isAnnotatedWith(Controller.class))
                .toList();
        assertThat(controllers).hasSizeGreaterThan(6);

        classes()
                .that()
                .areAnnotatedWith(RestController.class)
                .or()
                .areAnnotatedWith(Controller.class)
                .should()
                .bePackagePrivate()
                .check(CLASSES);
    }

    @Test
    void controllersDoNotTouchTheDatabase() {
        noClasses()
                .that()
                .areAnnotatedWith(RestController.class)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework.jdbc..", "java.sql..")
                .check(CLASSES);
    }

    /** One without a name would wait for an import as long as that takes. */
    @Test
    void transactionsSayHowLongTheyWait() {
        methods()
                .that()
                .areAnnotatedWith(Transactional.class)
                .should()
                .beAnnotatedWith(describe(
                        "the name of WriteTransactions",
                        annotation -> annotation.getRawType().isEquivalentTo(Transactional.class)
                                && annotation.get("value").equals(Optional.of(WriteTransactions.NAME))))
                .check(CLASSES);
        noClasses().should().beAnnotatedWith(Transactional.class).check(CLASSES);
    }

    private static String nameOf(String rule) {
        return rule.substring(0, rule.indexOf(':'));
    }

    private static void assertMatches(String packageName) {
        assertThat(CLASSES.stream()
                        .filter(type -> type.getPackageName().equals(packageName)
                                && !type.getSimpleName().equals("package-info")))
                .as("classes in " + packageName)
                .isNotEmpty();
    }
}
