package io.rootstock.inference.openai.completion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.rpc.BadRequest;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.http.Fields;
import io.rootstock.inference.http.Json;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.service.ErrorDetails;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Conversion of completion requests to the gRPC contract; errors name the field of the OpenAI request. */
class CompletionRequestTest {
    private static CompletionRequest completion(String json) throws JsonProcessingException {
        return CompletionRequest.read(fields(json), new FieldNames());
    }

    private static Fields fields(String json) throws JsonProcessingException {
        return Fields.of(Json.object(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static String refusedField(ThrowingCallable call) {
        StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call);
        return ErrorDetails.find(refusal, BadRequest.class)
                .orElseThrow()
                .getFieldViolations(0)
                .getField();
    }

    @Test
    void aPromptIsTextOrTokenIdsOrAListOfThem() throws JsonProcessingException {
        assertThat(completion("{\"prompt\": \"a\"}").prompts()).containsExactly(new CompletionRequest.Text("a", true));
        assertThat(completion("{\"prompt\": [1, 2]}").prompts())
                .containsExactly(new CompletionRequest.Tokens(List.of(1, 2)));
        assertThat(completion("{\"prompt\": [\"a\", \"b\"]}").prompts())
                .containsExactly(new CompletionRequest.Text("a", true), new CompletionRequest.Text("b", true));
        assertThat(completion("{\"prompt\": [[1], [2]]}").prompts())
                .containsExactly(new CompletionRequest.Tokens(List.of(1)), new CompletionRequest.Tokens(List.of(2)));
        assertThat(completion("{}").prompts()).containsExactly(new CompletionRequest.Beginning());
        GenerationOptions scored = completion("{\"prompt\": \"a\", \"logprobs\": 0, \"echo\": true}")
                .options();
        assertThat(scored.getLogprobs() && scored.getPromptLogprobs()).isTrue();
        assertThat(scored.getTopLogprobs()).isZero();
    }

    @Test
    void fieldsOfAnInvalidTypeAreRejectedByField() {
        assertThat(refusedField(() -> completion("{\"prompt\": [[1], \"a\"]}"))).isEqualTo("prompt[1]");
        assertThat(refusedField(() -> completion("{\"prompt\": [[1], [\"a\"]]}")))
                .isEqualTo("prompt[1][0]");
        assertThat(refusedField(() -> completion("{\"prompt\": []}"))).isEqualTo("prompt");
    }
}
