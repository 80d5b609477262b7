package dev.luna.batch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * Who may import whom in {@code batch}. ArchUnit fails a rule that matches no class, so none of these can go stale
 * unnoticed.
 */
@AnalyzeClasses(packages = "dev.luna.batch", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "";
    private static final String SPRING_BATCH = "org.springframework.batch..";

    @ArchTest
    static final ArchRule scoringKnowsJavaAndEjmlOnly = classes()
            .that()
            .resideInAPackage("..batch.scoring")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage("java..", "org.ejml..", "org.jspecify..", "..batch.scoring"));

    @ArchTest
    static final ArchRule snapshotKnowsScoringAndTheDatabase = lunaImports("snapshot", "scoring", "database");

    @ArchTest
    static final ArchRule runKnowsNoJob = lunaImports("run", "scoring", "snapshot", "database");

    @ArchTest
    static final ArchRule jobKnowsRunSnapshotAndScoring = lunaImports("job", "run", "snapshot", "scoring", "database");

    @ArchTest
    static final ArchRule scheduleOnlyAsksForRuns = lunaImports("schedule", "run");

    @ArchTest
    static final ArchRule transferKnowsRunsAndTheDatabase = lunaImports("transfer", "run", "scoring", "database");

    @ArchTest
    static final ArchRule databaseStandsAlone = lunaImports("database");

    @ArchTest
    static final ArchRule sampleKnowsTheDatabase = lunaImports("sample", "database");

    @ArchTest
    static final ArchRule commandLineKnowsNoJob =
            lunaImports("cli", ROOT, "run", "transfer", "sample", "snapshot", "database");

    @ArchTest
    static final ArchRule rootStandsAlone = lunaImports(ROOT);

    @ArchTest
    static final ArchRule runHidesSpringBatch = methods()
            .that()
            .areDeclaredInClassesThat()
            .resideInAPackage("..batch.run")
            .and()
            .arePublic()
            .should()
            .notHaveRawParameterTypes(new DescribedPredicate<>("a Spring Batch type") {
                @Override
                public boolean test(java.util.List<JavaClass> types) {
                    return types.stream().anyMatch(resideInAnyPackage(SPRING_BATCH));
                }
            })
            .andShould()
            .notHaveRawReturnType(resideInAnyPackage(SPRING_BATCH));

    @ArchTest
    static final ArchRule nothingKnowsTheWeb =
            noClasses().should().dependOnClassesThat(resideInAnyPackage("dev.luna.api..", "org.springframework.web.."));

    @ArchTest
    static final ArchRule packagesFormNoCycles =
            slices().matching("dev.luna.batch.(*)..").should().beFreeOfCycles();

    /** A new package gets a rule of its own above, and its name here. */
    @ArchTest
    static final ArchRule everyPackageHasARule = classes()
            .should()
            .resideInAnyPackage(packagesOf(
                    ROOT, "scoring", "snapshot", "run", "job", "schedule", "transfer", "database", "sample", "cli"));

    @ArchTest
    static final ArchRule everyPackageSaysWhatLivesThere = classes().should(new DescribedInPackage());

    private static ArchRule lunaImports(String from, String... allowed) {
        String[] packages = packagesOf(
                Stream.concat(Stream.of(from), Arrays.stream(allowed)).toArray(String[]::new));
        return noClasses()
                .that()
                .resideInAPackage(packageOf(from))
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.luna..").and(resideOutsideOfPackages(packages)));
    }

    private static String[] packagesOf(String... names) {
        return Arrays.stream(names).map(ArchitectureTest::packageOf).toArray(String[]::new);
    }

    private static String packageOf(String name) {
        return name.equals(ROOT) ? "dev.luna.batch" : "dev.luna.batch." + name;
    }

    /** A class whose package has a null-marked {@code package-info}. */
    private static final class DescribedInPackage extends com.tngtech.archunit.lang.ArchCondition<JavaClass> {
        DescribedInPackage() {
            super("live in a package with a @NullMarked package-info");
        }

        @Override
        public void check(JavaClass type, com.tngtech.archunit.lang.ConditionEvents events) {
            boolean described = type.getPackage()
                    .tryGetPackageInfo()
                    .map(info -> info.isAnnotatedWith(NullMarked.class))
                    .orElse(false);
            events.add(new com.tngtech.archunit.lang.SimpleConditionEvent(
                    type, described, type.getPackageName() + " has no @NullMarked package-info.java"));
        }
    }
}
