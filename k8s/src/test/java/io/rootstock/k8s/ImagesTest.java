package io.rootstock.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.k8s.Dockerfile.Instruction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks the Dockerfiles of the images; does not build them. */
class ImagesTest {
    private static final Path ROOT = Path.of("..");
    private static final String NATIVE = "inference-service/src/main/docker/Dockerfile.native";
    private static final String LIBRARIES = "libs/llama/target/native/";

    /** Build outputs that images copy from their build context. */
    private static final List<String> BUILT = List.of(
            "registry-service/target/quarkus-app/",
            "tokenizer-service/target/quarkus-app/",
            "trainer-service/target/quarkus-app/",
            "inference-service/target/quarkus-app/",
            "evaluator-service/target/quarkus-app/",
            LIBRARIES);

    @Test
    void areReadStrictly(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("Dockerfile");
        for (String bad : List.of("FORM a\n", "FROM a\nRUN\n", "FROM a\nADD b c\n", "FROM a\nRUN b \\\n", "")) {
            Files.writeString(file, bad);
            assertThatThrownBy(() -> Dockerfile.read(file)).as(bad).isInstanceOf(IOException.class);
        }
    }

    @Test
    void runAsThePodsUserAndListenOnThePortsOfTheCode() throws IOException {
        for (Workload workload : Workload.all()) {
            for (Dockerfile image : images(workload.name())) {
                long user = workload.pod().getSecurityContext().getRunAsUser();
                assertThat(user).isPositive();
                assertThat(image.onlyOfImage("USER")).isEqualTo(user + ":" + user);
                assertThat(image.onlyOfImage("EXPOSE"))
                        .isEqualTo(Installation.ports(workload.name()).stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(" ")));
                assertThat(image.onlyOfImage("ENV").contains("QUARKUS_GRPC_SERVER_HOST=0.0.0.0"))
                        .isEqualTo(Installation.WITH_RPCS.contains(workload.name()));
                assertThat(image.onlyOfImage("ENV"))
                        .contains("QUARKUS_HTTP_HOST=0.0.0.0")
                        .contains("ROOTSTOCK_HOME=" + image.onlyOfImage("VOLUME"));
                assertThat(workload.container().getCommand()).isEmpty();
                assertThat(Files.readString(image.file()))
                        .as("the command that builds it")
                        .contains(
                                "-f " + ROOT.relativize(image.file()),
                                "-t " + workload.container().getImage() + " .");
            }
        }
    }

    @Test
    void takeOnlyWhatTheBuildMakesOrWhatIsUnderVersionControl() throws IOException {
        for (String service : Installation.SERVICES) {
            for (Dockerfile image : images(service)) {
                for (Instruction copy : image.all("COPY")) {
                    if (copy.option("from").isEmpty()
                            && !copy.arguments().getFirst().equals(".")) {
                        List<String> sources =
                                copy.arguments().subList(0, copy.arguments().size() - 1);
                        assertThat(sources)
                                .allMatch(
                                        source -> BUILT.contains(source) || Files.isRegularFile(ROOT.resolve(source)));
                        assertThat(copy.option("chown")).isEqualTo("0:0");
                    }
                }
            }
        }
    }

    @Test
    void areNotToldToLeaveOutWhatTheyTake() throws IOException {
        List<String> ignored = Files.readAllLines(ROOT.resolve(".dockerignore"));
        assertThat(ignored).contains("*", "!*-service/target/quarkus-app", "!libs/llama/target/native");
        for (String service : Installation.SERVICES) {
            for (Instruction copy :
                    Dockerfile.read(ROOT.resolve(dockerfile(service))).all("COPY")) {
                String source = copy.arguments().getFirst();
                assertThat(ignored)
                        .anyMatch(line -> line.equals("!" + source.replaceAll("/$", ""))
                                || (line.equals("!*-service/target/quarkus-app")
                                        && source.endsWith("-service/target/quarkus-app/")));
            }
        }
        // The native image is built from the sources: only build outputs are ignored.
        assertThat(Files.readAllLines(ROOT.resolve(NATIVE + ".dockerignore"))).contains("**/target", ".git");
    }

    @Test
    void bringLlamaCppWhereTheServiceLooksForIt() throws IOException {
        for (String service : List.of("trainer", "inference")) {
            assertThat(Dockerfile.read(ROOT.resolve(dockerfile(service))).ofImage("COPY"))
                    .extracting(Instruction::arguments)
                    .contains(List.of(LIBRARIES, "./native/"));
        }
        assertThat(Dockerfile.read(ROOT.resolve(NATIVE)).ofImage("COPY"))
                .extracting(Instruction::arguments)
                .contains(List.of("/build/inference-service/target/native-app/native/", "./native/"));
        assertThat(Files.readString(ROOT.resolve("inference-service/pom.xml")))
                .contains("${project.build.directory}/native-app/native", "native-app/inference-service");
    }

    @Test
    void ofTheJvmStartWithACacheThatWasTrainedWithTheSameFlags() throws IOException {
        Dockerfile image = Dockerfile.read(ROOT.resolve(dockerfile("inference")));
        List<String> command = strings(image.onlyOfImage("ENTRYPOINT"));
        assertThat(command)
                .startsWith("java", "-XX:AOTCache=/opt/rootstock/app.aot")
                .endsWith("-jar", "/opt/rootstock/quarkus-run.jar");
        String training = image.ofImage("RUN").stream()
                .map(Instruction::text)
                .filter(text -> text.contains("train-aot-cache"))
                .findFirst()
                .orElseThrow();
        String script = Files.readString(ROOT.resolve("inference-service/train-aot-cache"));
        assertThat(command.subList(2, command.size() - 2))
                .allMatch(flag -> training.contains(flag) || script.contains(flag));
    }

    @Test
    void ofTheTrainerBringTheLauncherOfSeveralRanks() throws IOException {
        assertThat(Dockerfile.read(ROOT.resolve(dockerfile("trainer"))).ofImage("RUN"))
                .extracting(Instruction::text)
                .anyMatch(run ->
                        run.contains("install -y --no-install-recommends mpich") && run.contains("mpiexec.hydra"));
    }

    @Test
    void ofTheEvaluatorBringTheInferenceServiceThatItStarts() throws IOException {
        Dockerfile image = Dockerfile.read(ROOT.resolve(dockerfile("evaluator")));
        assertThat(image.ofImage("COPY"))
                .extracting(Instruction::arguments)
                .contains(
                        List.of("inference-service/target/quarkus-app/", "./inference/"),
                        List.of(LIBRARIES, "./inference/native/"));
        String directory = image.onlyOfImage("WORKDIR") + "/inference";
        assertThat(image.onlyOfImage("ENV"))
                .contains("ROOTSTOCK_EVALUATOR_INFERENCE_JAR=" + directory + "/quarkus-run.jar");
        // The cache is trained with the options that the process gets.
        String options = image.onlyOfImage("ENV").replaceFirst(".*ROOTSTOCK_EVALUATOR_JVM_OPTIONS=(\\S+).*", "$1");
        assertThat(image.ofImage("RUN"))
                .extracting(Instruction::text)
                .anyMatch(run -> run.contains("train-aot-cache " + directory + " ") && run.contains(options));
        assertThat(KnownSettings.properties())
                .contains("rootstock.evaluator.inference-jar", "rootstock.evaluator.jvm-options");
    }

    @Test
    void ofTheExecutableHoldNothingButItAndItsLibraries() throws IOException {
        Dockerfile image = Dockerfile.read(ROOT.resolve(NATIVE));
        assertThat(image.onlyOfImage("FROM")).isEqualTo("scratch");
        assertThat(image.ofImage("RUN")).isEmpty();
        assertThat(strings(image.onlyOfImage("ENTRYPOINT"))).startsWith("/opt/rootstock/inference-service");
        assertThat(image.stages()).containsExactly("build", "root");
        assertThat(image.all("COPY"))
                .extracting(copy -> copy.option("from"))
                .allMatch(from -> from.isEmpty()
                        || from.equals("graalvm")
                        || image.stages().contains(from));
        List<String> linked = List.of("libc.so.6", "libm.so.6", "libgcc_s.so.1", "libstdc++.so.6", "libz.so.1");
        assertThat(image.all("RUN"))
                .filteredOn(run -> run.stage() == 1)
                .singleElement()
                .satisfies(run -> assertThat(run.text()).contains(linked).contains("ld-linux-x86-64.so.2"));
        assertThat(image.all("RUN"))
                .filteredOn(run -> run.stage() == 0)
                .anySatisfy(run -> assertThat(run.text()).contains("-pl inference-service -am package -Dnative"));
    }

    private static List<Dockerfile> images(String service) throws IOException {
        List<Dockerfile> images = new ArrayList<>();
        try (Stream<Path> files = Files.list(ROOT.resolve(service + "-service/src/main/docker"))) {
            for (Path file : files.filter(path -> !path.toString().endsWith(".dockerignore"))
                    .sorted()
                    .toList()) {
                images.add(Dockerfile.read(file));
            }
        }
        return images;
    }

    private static String dockerfile(String service) {
        return service + "-service/src/main/docker/Dockerfile";
    }

    private static List<String> strings(String array) throws IOException {
        List<String> strings = new ArrayList<>();
        for (JsonNode each : new ObjectMapper().readTree(array)) {
            strings.add(each.asText());
        }
        return strings;
    }
}
