package io.rootstock.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class StrategicMergeTest {
    private static final String DOCUMENT = """
            replicas: 1
            strategy: {type: Recreate}
            args: [a, b]
            containers:
              - {name: one, image: x, env: [{name: A, value: "1"}]}
              - {name: two}
            volumes:
              - {name: home, emptyDir: {sizeLimit: 1Gi}}
            """;

    @Test
    void mergesFieldsAndItemsByTheirKey() throws IOException {
        assertThat(merged("""
                        replicas: 2
                        strategy: {rollingUpdate: {maxSurge: 1}}
                        args: [c]
                        containers:
                          - {name: two, image: y}
                          - {name: one, env: [{name: B, value: "2"}, {name: A, value: "3"}]}
                          - {name: three}
                        """)).isEqualTo(read("""
                        replicas: 2
                        strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}}
                        args: [c]
                        containers:
                          - {name: one, image: x, env: [{name: A, value: "3"}, {name: B, value: "2"}]}
                          - {name: two, image: y}
                          - {name: three}
                        volumes:
                          - {name: home, emptyDir: {sizeLimit: 1Gi}}
                        """));
    }

    @Test
    void removesFieldsThatAreNullAndItemsThatAreDeleted() throws IOException {
        assertThat(merged("""
                        args: null
                        strategy: null
                        containers:
                          - {name: two, $patch: delete}
                        volumes:
                          - {name: home, emptyDir: null, persistentVolumeClaim: {claimName: c}}
                        """)).isEqualTo(read("""
                        replicas: 1
                        containers:
                          - {name: one, image: x, env: [{name: A, value: "1"}]}
                        volumes:
                          - {name: home, persistentVolumeClaim: {claimName: c}}
                        """));
    }

    @Test
    void refusesPatchesWhoseMeaningIsUnknown() {
        assertThatThrownBy(() -> merged("tolerations: [{key: a}]"))
                .hasMessageContaining("tolerations has no known merge key");
        assertThatThrownBy(() -> merged("containers: [{image: y}]")).hasMessageContaining("has no name");
        assertThatThrownBy(() -> merged("containers: [{name: none, $patch: delete}]"))
                .hasMessageContaining("to delete");
        assertThatThrownBy(() -> merged("containers: [{name: one, $patch: replace}]"))
                .hasMessageContaining("unknown directive");
    }

    private static ObjectNode merged(String patch) throws IOException {
        ObjectNode document = read(DOCUMENT);
        StrategicMerge.apply(document, read(patch));
        return document;
    }

    private static ObjectNode read(String yaml) throws IOException {
        return (ObjectNode) new YAMLMapper().readTree(yaml);
    }
}
