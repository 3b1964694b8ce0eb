package io.rootstock.inference.openai.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.rootstock.inference.http.Fields;
import io.rootstock.inference.http.Json;
import io.rootstock.registry.v1.FineTuningMethod;
import io.rootstock.registry.v1.FineTuningSpec;
import io.rootstock.trainer.v1.Hyperparameters;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobRequestTest {
    @Test
    void autoValuesStayUnset() throws Exception {
        FineTuningSpec spec = read("""
                {"model": "m", "training_file": "file-a", "validation_file": null, "integrations": [],
                "hyperparameters": {"n_epochs": "auto", "batch_size": "auto", "learning_rate_multiplier": "auto"}}
                """);
        assertThat(spec)
                .isEqualTo(FineTuningSpec.newBuilder()
                        .setTrainingFile("files/file-a")
                        .setMethod(FineTuningMethod.FINE_TUNING_METHOD_SUPERVISED)
                        .setHyperparameters(Hyperparameters.getDefaultInstance())
                        .build());
    }

    @Test
    void allFieldsAreRead() throws Exception {
        FineTuningSpec spec = read("""
                {"model": "m", "training_file": "file-a", "validation_file": "file-b", "suffix": "s", "seed": 7,
                "metadata": {"k": "v"}, "method": {"type": "dpo", "dpo": {"hyperparameters":
                {"n_epochs": 3, "batch_size": 8, "learning_rate_multiplier": 0.5, "beta": 0.2}}}}
                """);
        assertThat(spec)
                .isEqualTo(FineTuningSpec.newBuilder()
                        .setTrainingFile("files/file-a")
                        .setValidationFile("files/file-b")
                        .setSuffix("s")
                        .putMetadata("k", "v")
                        .setMethod(FineTuningMethod.FINE_TUNING_METHOD_DPO)
                        .setLearningRateMultiplier(0.5)
                        .setHyperparameters(Hyperparameters.newBuilder()
                                .setEpochs(3)
                                .setBatchRows(8)
                                .setPreferenceBeta(0.2)
                                .setSeed(7))
                        .build());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"model": "m"} | training_file: must be set
                    {"training_file": "f", "method": {"type": "reinforcement"}} | method.type: must be supervised or dpo
                    {"training_file": "f", "method": {"type": "dpo", "supervised": {}}} | method.supervised: is not known
                    {"training_file": "f", "hyperparameters": {"n_epochs": 0}} | hyperparameters.n_epochs: must be auto or a whole number from 1 to 1000
                    {"training_file": "f", "hyperparameters": {"batch_size": 1.5}} | hyperparameters.batch_size: must be auto
                    {"training_file": "f", "hyperparameters": {"learning_rate_multiplier": -1}} | hyperparameters.learning_rate_multiplier: must be auto or a number above 0
                    {"training_file": "f", "hyperparameters": {"beta": 0.1}} | hyperparameters.beta: is not known
                    {"training_file": "f", "hyperparameters": {}, "method": {"type": "dpo"}} | hyperparameters: must be inside of method
                    {"training_file": "f", "metadata": {"k": 1}} | metadata: must have texts as values
                    {"training_file": "f", "integrations": [{"type": "wandb"}]} | integrations: must be empty
                    {"training_file": "f", "epochs": 1} | epochs: is not known
                    """)
    void invalidFieldsAreNamed(String body, String message) {
        assertThatThrownBy(() -> read(body)).hasMessageContaining(message);
    }

    private static FineTuningSpec read(String body) throws JsonProcessingException {
        Fields fields = Fields.of(Json.object(body.getBytes(StandardCharsets.UTF_8)));
        fields.ignore("model");
        FineTuningSpec spec = JobRequest.read(fields).build();
        fields.end();
        return spec;
    }
}
