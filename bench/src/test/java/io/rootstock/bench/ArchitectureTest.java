package io.rootstock.bench;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.core.importer.Locations;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of the architecture, checked on the compiled classes of every module. */
class ArchitectureTest {
    private static final String CONTRACTS = "io.rootstock.*.v1..";

    private static final String[] SERVICES = {
        "io.rootstock.tokenizer..",
        "io.rootstock.trainer..",
        "io.rootstock.registry..",
        "io.rootstock.inference..",
        "io.rootstock.evaluator.."
    };

    private static final String[] LIBRARIES = {
        "io.rootstock.panama..",
        "io.rootstock.sandbox..",
        "io.rootstock.torch..",
        "io.rootstock.llama..",
        "io.rootstock.collectives..",
        "io.rootstock.cuda..",
        "io.rootstock.files..",
        "io.rootstock.names..",
        "io.rootstock.yaml..",
        "io.rootstock.client..",
        "io.rootstock.artifacts..",
        "io.rootstock.checkpoint..",
        "io.rootstock.encoding..",
        "io.rootstock.corpus..",
        "io.rootstock.dataset..",
        "io.rootstock.evaluation..",
        "io.rootstock.chat..",
        "io.rootstock.grammar..",
        "io.rootstock.scheduling..",
        "io.rootstock.toolcalls..",
        "io.rootstock.service..",
        "io.rootstock.postgres..",
        "io.rootstock.database.."
    };

    /** Rootstock packages that each library may use; all others are forbidden. */
    private static final Map<String, String[]> LIBRARY_MAY_USE = Map.ofEntries(
            Map.entry("io.rootstock.panama..", new String[] {}),
            Map.entry("io.rootstock.sandbox..", new String[] {"io.rootstock.panama.."}),
            Map.entry("io.rootstock.torch..", new String[] {"io.rootstock.panama.."}),
            Map.entry("io.rootstock.llama..", new String[] {}),
            Map.entry("io.rootstock.collectives..", new String[] {"io.rootstock.cuda..", "io.rootstock.panama.."}),
            Map.entry("io.rootstock.cuda..", new String[] {"io.rootstock.panama.."}),
            Map.entry("io.rootstock.files..", new String[] {}),
            Map.entry("io.rootstock.names..", new String[] {}),
            Map.entry("io.rootstock.yaml..", new String[] {}),
            Map.entry("io.rootstock.client..", new String[] {}),
            Map.entry("io.rootstock.artifacts..", new String[] {"io.rootstock.files.."}),
            Map.entry("io.rootstock.checkpoint..", new String[] {"io.rootstock.files.."}),
            Map.entry("io.rootstock.chat..", new String[] {}),
            Map.entry("io.rootstock.encoding..", new String[] {"io.rootstock.checkpoint.."}),
            Map.entry("io.rootstock.corpus..", new String[] {
                "io.rootstock.artifacts..",
                "io.rootstock.checkpoint..",
                "io.rootstock.dataset..",
                "io.rootstock.encoding..",
                "io.rootstock.evaluation..",
                "io.rootstock.files..",
                "io.rootstock.names..",
                "io.rootstock.yaml.."
            }),
            Map.entry("io.rootstock.dataset..", new String[] {"io.rootstock.artifacts.."}),
            Map.entry(
                    "io.rootstock.evaluation..",
                    new String[] {"io.rootstock.chat..", "io.rootstock.names..", "io.rootstock.yaml.."}),
            Map.entry("io.rootstock.grammar..", new String[] {}),
            Map.entry("io.rootstock.scheduling..", new String[] {}),
            Map.entry("io.rootstock.toolcalls..", new String[] {"io.rootstock.chat.."}),
            Map.entry("io.rootstock.service..", new String[] {
                "io.rootstock.artifacts..",
                "io.rootstock.client..",
                "io.rootstock.files..",
                "io.rootstock.names..",
                CONTRACTS
            }),
            Map.entry("io.rootstock.postgres..", new String[] {"io.rootstock.files.."}),
            Map.entry("io.rootstock.database..", new String[] {}));

    /** Classes of corpus-spark, which is on the class path of no other module; a build of all modules has them. */
    private static final Path SPARK = Path.of("../corpus-spark/target/classes");

    private static JavaClasses all;

    @BeforeAll
    static void read() {
        Set<Location> locations = new HashSet<>(Locations.ofPackage("io.rootstock"));
        if (Files.isDirectory(SPARK)) {
            locations.add(Location.of(SPARK));
        }
        all = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importLocations(locations);
    }

    static Stream<String> parts() {
        return Stream.of(Stream.of(SERVICES), Stream.of(LIBRARIES), Stream.of(CONTRACTS, "io.rootstock.cli.."))
                .flatMap(part -> part);
    }

    @ParameterizedTest
    @MethodSource("parts")
    void seesEveryPart(String part) {
        assertThat(all.that(resideInAnyPackage(part))).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("services")
    void aServiceKnowsNoOtherService(String service) {
        noClasses()
                .that(insideOf(service))
                .should()
                .dependOnClassesThat(insideOf(others(service)))
                .because("services talk to each other through their contracts only")
                .check(all);
    }

    static Stream<String> services() {
        return Stream.of(SERVICES);
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void aLibraryKnowsOnlyTheLibrariesBelowIt(String library) {
        classes()
                .that(insideOf(library))
                .should()
                .onlyDependOnClassesThat(not(resideInAnyPackage("io.rootstock.."))
                        .or(insideOf(library))
                        .or(resideInAnyPackage(LIBRARY_MAY_USE.get(library))))
                .check(all);
    }

    static Stream<String> libraries() {
        return Stream.of(LIBRARIES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.rootstock.panama..",
                "io.rootstock.torch..",
                "io.rootstock.llama..",
                "io.rootstock.collectives..",
                "io.rootstock.cuda.."
            })
    void aNativeBindingNeedsNothingButTheJdkAndTheBindingsBelowIt(String binding) {
        classes()
                .that()
                .resideInAPackage(binding)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("java..", "jdk.incubator.vector..", binding)
                        .or(resideInAnyPackage(LIBRARY_MAY_USE.get(binding))))
                .check(all);
    }

    @Test
    void theCommandLineKnowsTheContractsAndSmallLibrariesOnly() {
        classes()
                .that()
                .resideInAPackage("io.rootstock.cli..")
                .should()
                .onlyDependOnClassesThat(not(resideInAnyPackage("io.rootstock.."))
                        .or(resideInAnyPackage(
                                "io.rootstock.artifacts..",
                                "io.rootstock.cli..",
                                "io.rootstock.client..",
                                "io.rootstock.evaluation..",
                                "io.rootstock.files..",
                                "io.rootstock.names..",
                                "io.rootstock.yaml..",
                                CONTRACTS)))
                .check(all);
    }

    @Test
    void theContractsKnowNothingOfOurs() {
        classes()
                .that()
                .resideInAPackage(CONTRACTS)
                .should()
                .onlyDependOnClassesThat(
                        not(resideInAnyPackage("io.rootstock..")).or(resideInAnyPackage(CONTRACTS)))
                .check(all);
    }

    @Test
    void stepsAndReadersOfACorpusKnowNoEngine() {
        noClasses()
                .that()
                .resideInAPackage("io.rootstock.corpus..")
                .and()
                .resideOutsideOfPackages(
                        "io.rootstock.corpus.engine..", "io.rootstock.corpus.spark..", "io.rootstock.corpus.worker..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.rootstock.corpus.engine..", "io.rootstock.files..")
                .check(all);
    }

    @Test
    void onlyCorpusSparkKnowsSpark() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.rootstock.corpus.spark..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.spark..", "scala..", "io.rootstock.corpus.spark..")
                .check(all);
    }

    @Test
    void onlyTheWorkerOfACorpusKnowsTokensShardsAndEvaluations() {
        noClasses()
                .that()
                .resideInAPackage("io.rootstock.corpus..")
                .and()
                .resideOutsideOfPackage("io.rootstock.corpus.worker..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.rootstock.artifacts..",
                        "io.rootstock.checkpoint..",
                        "io.rootstock.dataset..",
                        "io.rootstock.encoding..",
                        "io.rootstock.evaluation..")
                .check(all);
    }

    @Test
    void theForwardPassNeedsNoFramework() {
        noClasses()
                .that()
                .resideInAPackage("io.rootstock.trainer.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "jakarta..", "io.grpc..", "io.smallrye..")
                .check(all);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.rootstock.(**)")
                .should()
                .beFreeOfCycles()
                .ignoreDependency(resideInAnyPackage(CONTRACTS), alwaysTrue())
                .check(all);
    }

    @Test
    void cpuKernelsDoNotDependOnCuda() {
        noClasses()
                .that()
                .resideInAPackage("io.rootstock.trainer.engine.cpu..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.rootstock.trainer.engine.cuda..")
                .check(all);
    }

    @Test
    void cudaKernelsDoNotDependOnCpu() {
        noClasses()
                .that()
                .resideInAPackage("io.rootstock.trainer.engine.cuda..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.rootstock.trainer.engine.cpu..")
                .check(all);
    }

    @Test
    void onlyTheEngineNamesItsDevices() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.rootstock.trainer.engine.batch..",
                        "io.rootstock.trainer.engine.model..",
                        "io.rootstock.trainer.engine.optimizer..",
                        "io.rootstock.trainer.engine.device..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.rootstock.trainer.engine.cpu..",
                        "io.rootstock.trainer.engine.aten..",
                        "io.rootstock.trainer.engine.cuda..")
                .check(all);
    }

    @Test
    void noGrpcMethodRunsOnAVirtualThread() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.smallrye.common.annotation.RunOnVirtualThread")
                .because(
                        "Quarkus loses events of such calls; docs/decisions/0007-unary-grpc-methods-on-worker-threads.md")
                .check(all);
    }

    /** Producers of final types, which cannot have a client proxy, are the only use of Singleton. */
    @Test
    void beansAreApplicationScoped() {
        noClasses().should().beAnnotatedWith("jakarta.inject.Singleton").check(all);
    }

    @Test
    void modulesFormNoCycle() {
        slices().assignedFrom(new Modules()).should().beFreeOfCycles().check(all);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.rootstock.cli",
                "io.rootstock.checkpoint",
                "io.rootstock.chat",
                "io.rootstock.corpus",
                "io.rootstock.corpus.engine",
                "io.rootstock.encoding",
                "io.rootstock.grammar",
                "io.rootstock.inference",
                "io.rootstock.registry"
            })
    void packagesFormNoCycle(String root) {
        slices().assignedFrom(new Packages(root)).should().beFreeOfCycles().check(all);
    }

    private static String[] others(String service) {
        return Stream.of(SERVICES).filter(other -> !other.equals(service)).toArray(String[]::new);
    }

    /** Matches classes in these packages, except generated contracts. */
    private static DescribedPredicate<JavaClass> insideOf(String... packages) {
        return resideInAnyPackage(packages).and(not(resideInAnyPackage(CONTRACTS)));
    }

    /** Assigns a class to the module of its first package below the root; all contracts are one module. */
    private static final class Modules implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            String[] names = type.getPackageName().split("\\.", -1);
            if (names.length < 3) {
                return SliceIdentifier.ignore();
            }
            boolean contract = names.length > 3 && names[3].equals("v1");
            return SliceIdentifier.of(contract ? "proto" : names[2]);
        }

        @Override
        public String getDescription() {
            return "modules";
        }
    }

    /** Assigns one slice per package at or below a root package. */
    private record Packages(String root) implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            String name = type.getPackageName();
            return name.equals(root) || name.startsWith(root + ".")
                    ? SliceIdentifier.of(name)
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "packages of " + root;
        }
    }
}
