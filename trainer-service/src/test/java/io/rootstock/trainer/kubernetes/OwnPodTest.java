package io.rootstock.trainer.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnPodTest {
    @Test
    void hasTheImageVariablesAndMountedSecretsOfTheFirstContainer() {
        OwnPod own = OwnPod.of(Serialization.unmarshal("""
                kind: Pod
                apiVersion: v1
                spec:
                  containers:
                    - name: trainer
                      image: rootstock/trainer-service:1
                      envFrom:
                        - configMapRef: {name: common}
                        - secretRef: {name: rootstock-s3}
                        - configMapRef: {name: trainer}
                      volumeMounts:
                        - {name: home, mountPath: /var/lib/rootstock}
                        - {name: token, mountPath: /etc/rootstock/token}
                        - {name: tls, mountPath: /etc/rootstock/tls}
                    - name: sidecar
                      image: other
                      envFrom:
                        - configMapRef: {name: other}
                  volumes:
                    - {name: home, emptyDir: {}}
                    - {name: token, secret: {secretName: rootstock-token}}
                    - {name: tls, secret: {secretName: trainer-tls}}
                """, Pod.class));

        assertThat(own.image()).contains("rootstock/trainer-service:1");
        assertThat(own.configMaps()).containsExactly("common", "trainer");
        assertThat(own.secrets()).containsExactly("rootstock-s3");
        assertThat(own.mounts())
                .isEqualTo(Map.of("/etc/rootstock/token", "rootstock-token", "/etc/rootstock/tls", "trainer-tls"));
    }

    @Test
    void aPodWithoutVariablesAndSecretsHasNone() {
        OwnPod own = OwnPod.of(Serialization.unmarshal("""
                kind: Pod
                apiVersion: v1
                spec:
                  containers: [{name: trainer, image: a}]
                """, Pod.class));

        assertThat(own.configMaps()).isEqualTo(List.of());
        assertThat(own.secrets()).isEmpty();
        assertThat(own.mounts()).isEmpty();
    }
}
