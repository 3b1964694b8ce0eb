package io.rootstock.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpec;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Volumes hold the files that the settings allow, and pods can write to them. The kubelet evicts a pod with a full emptyDir. */
class VolumesTest {
    private static final long GIB = 1L << 30;
    /** Small files, and what the settings do not bound. */
    private static final long MARGIN = GIB;

    private static final String HOME = "home";
    /** Files in an HTTP request that the service stores at the same time. */
    private static final int UPLOADS = 4;

    private static final Pattern CACHE = Pattern.compile("[?&]cache-gib=(\\d+)");

    @Test
    void ofNodesAreWithinTheLimitOfThePod() throws IOException {
        for (Rendered rendered : Rendered.everything()) {
            for (Workload workload : rendered.workloads()) {
                long bytes = MARGIN;
                for (Volume volume : workload.pod().getVolumes()) {
                    if (volume.getEmptyDir() != null) {
                        bytes += bytes(volume.getEmptyDir().getSizeLimit());
                    }
                }
                assertThat(limit(workload, "ephemeral-storage"))
                        .as(rendered + ": " + workload.name())
                        .isGreaterThanOrEqualTo(bytes);
            }
        }
    }

    @Test
    void ofTheInferenceServiceHoldItsCacheAndUploads() throws IOException {
        for (Rendered rendered : Rendered.everything()) {
            Workload inference = rendered.workload("inference");
            Map<String, String> settings = rendered.settings(inference);
            long cache = size(settings, "ROOTSTOCK_INFERENCE_CACHE");
            // The served and the promoted version are kept in the cache, whatever its limit.
            assertThat(cache).isGreaterThanOrEqualTo(2 * limit(inference, "memory"));
            assertThat(home(inference))
                    .isGreaterThanOrEqualTo(
                            cache + UPLOADS * size(settings, "ROOTSTOCK_INFERENCE_FILE_LIMIT") + MARGIN);
        }
    }

    @Test
    void ofTheEvaluatorHoldBothCachesAndTheRows() throws IOException {
        for (Rendered rendered : Rendered.everything()) {
            Workload evaluator = rendered.workload("evaluator");
            Map<String, String> settings = rendered.settings(evaluator);
            long rows = 2 * GIB;
            assertThat(home(evaluator))
                    .isGreaterThanOrEqualTo(
                            copies(settings) + size(settings, "ROOTSTOCK_INFERENCE_CACHE") + rows + MARGIN);
        }
    }

    @Test
    void ofTheOtherServicesHoldTheLocalCopiesOfArtifactsAndTheirWork() throws IOException {
        for (Rendered rendered : Rendered.everything()) {
            Workload registry = rendered.workload("registry");
            Map<String, String> settings = rendered.settings(registry);
            assertThat(home(registry))
                    .isGreaterThanOrEqualTo(
                            copies(settings) + size(settings, "ROOTSTOCK_REGISTRY_FILE_SPACE") + MARGIN);
            for (String service : List.of("tokenizer", "trainer")) {
                Workload workload = rendered.workload(service);
                assertThat(home(workload)).isGreaterThanOrEqualTo(5 * copies(rendered.settings(workload)));
            }
        }
    }

    @Test
    void areWritableByTheUserOfTheImages() throws IOException {
        for (Rendered rendered : Rendered.everything()) {
            for (Workload workload : rendered.workloads()) {
                PodSecurityContext context = workload.pod().getSecurityContext();
                // The kubelet makes volumes that support it writable by this group.
                assertThat(context.getFsGroup())
                        .as(rendered + ": " + workload.name())
                        .isEqualTo(context.getRunAsGroup())
                        .isEqualTo(10001);
                assertThat(context.getRunAsUser()).isEqualTo(10001);
                assertThat(context.getFsGroupChangePolicy()).isEqualTo("OnRootMismatch");
                Map<String, String> settings = rendered.settings(workload);
                assertThat(workload.container().getVolumeMounts())
                        .filteredOn(mount -> !Boolean.TRUE.equals(mount.getReadOnly()))
                        .extracting(VolumeMount::getMountPath)
                        .contains(settings.get("ROOTSTOCK_HOME"), "/tmp")
                        .containsAll(
                                settings.containsKey("ROOTSTOCK_ARTIFACTS_DIRECTORY")
                                                && !workload.name().equals("inference")
                                        ? List.of(settings.get("ROOTSTOCK_ARTIFACTS_DIRECTORY"))
                                        : List.of());
            }
        }
    }

    @Test
    void ofTheBaseNeedNoMoreThanAClassWhoseVolumesAreOfOneNode() throws IOException {
        Rendered base = Rendered.base();
        assertThat(base.all(PersistentVolumeClaim.class)).isEmpty();
        for (Workload workload : base.workloads()) {
            for (PersistentVolumeClaim claim : workload.claims()) {
                assertThat(claim.getSpec().getAccessModes()).containsExactly("ReadWriteOnce");
                assertThat(claim.getSpec().getStorageClassName()).isNull();
            }
        }
        // Runs and their checkpoints must survive the pod; other pods start without their old files.
        assertThat(base.workloads())
                .filteredOn(workload -> !workload.claims().isEmpty())
                .extracting(Workload::name)
                .containsExactlyInAnyOrder("trainer", "evaluator");
    }

    @Test
    void areSharedByTheServicesOfOneNode() throws IOException {
        Rendered node = Rendered.overlay("single-node");
        assertThat(node.named(PersistentVolumeClaim.class, "artifacts")
                        .getSpec()
                        .getAccessModes())
                .containsExactly("ReadWriteOnce");
        assertThat(node.all(ConfigMap.class))
                .extracting(map -> map.getMetadata().getName())
                .doesNotContain("s3");
        for (String service : List.of("registry", "tokenizer", "trainer", "evaluator")) {
            Workload workload = node.workload(service);
            assertThat(workload.pod().getVolumes())
                    .filteredOn(volume -> volume.getPersistentVolumeClaim() != null)
                    .extracting(volume -> volume.getPersistentVolumeClaim().getClaimName())
                    .containsExactly("artifacts");
            var term = workload.pod()
                    .getAffinity()
                    .getPodAffinity()
                    .getRequiredDuringSchedulingIgnoredDuringExecution()
                    .getFirst();
            assertThat(term.getTopologyKey()).isEqualTo("kubernetes.io/hostname");
            assertThat(workload.template().getMetadata().getLabels())
                    .containsAllEntriesOf(term.getLabelSelector().getMatchLabels());
        }
        assertThat(node.workload("inference").pod().getAffinity()).isNull();
    }

    /** Limit of the local copies of artifacts in S3; 0 without S3. */
    private static long copies(Map<String, String> settings) {
        Matcher limit = CACHE.matcher(settings.getOrDefault("ROOTSTOCK_ARTIFACTS_URL", ""));
        return limit.find() ? Long.parseLong(limit.group(1)) * GIB : 0;
    }

    private static long home(Workload workload) {
        for (PersistentVolumeClaim claim : workload.claims()) {
            if (claim.getMetadata().getName().equals(HOME)) {
                return storage(claim.getSpec());
            }
        }
        Volume home = workload.pod().getVolumes().stream()
                .filter(volume -> volume.getName().equals(HOME))
                .findFirst()
                .orElseThrow();
        return home.getEphemeral() != null
                ? storage(home.getEphemeral().getVolumeClaimTemplate().getSpec())
                : bytes(home.getEmptyDir().getSizeLimit());
    }

    private static long storage(PersistentVolumeClaimSpec claim) {
        return bytes(claim.getResources().getRequests().get("storage"));
    }

    private static long limit(Workload workload, String resource) {
        return bytes(workload.container().getResources().getLimits().get(resource));
    }

    private static long bytes(Quantity quantity) {
        return quantity.getNumericalAmount().longValueExact();
    }

    private static long size(Map<String, String> settings, String name) {
        return new MemorySizeConverter()
                .convert(Objects.requireNonNull(settings.get(name), name))
                .asLongValue();
    }
}
