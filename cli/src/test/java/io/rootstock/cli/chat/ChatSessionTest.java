package io.rootstock.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.OutputFormat;
import io.rootstock.cli.display.TerminalWidth;
import io.rootstock.cli.installation.Service;
import io.rootstock.cli.operation.CompletionStream;
import io.rootstock.inference.v1.ChatStreamRequest;
import io.rootstock.inference.v1.ChatStreamResponse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.inference.v1.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Types into a terminal that is connected to this test, with answers of an inference server. */
final class ChatSessionTest {
    private static final String END = "\u0004";
    private static final String INTERRUPT = "\u0003";

    @TempDir
    private Path directory;

    private final CountDownLatch answering = new CountDownLatch(1);
    private final StringWriter out = new StringWriter() {
        @Override
        public void write(String text, int offset, int length) {
            super.write(text, offset, length);
            if (toString().contains("so far")) {
                answering.countDown();
            }
        }
    };
    private final StringWriter err = new StringWriter();
    private final EchoService service = new EchoService();
    private final PipedOutputStream keyboard = new PipedOutputStream();
    private Terminal terminal;
    private Server server;
    private Clients clients;

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(service)
                .build()
                .start();
        Map<Service, String> addresses = new EnumMap<>(Service.class);
        addresses.put(Service.INFERENCE, "127.0.0.1:" + server.getPort());
        clients = new Clients(new Endpoints(addresses, Optional.empty(), Optional.empty()));
        terminal = new ExternalTerminal(
                "test",
                "dumb",
                new PipedInputStream(keyboard, 1 << 16),
                new ByteArrayOutputStream(),
                StandardCharsets.UTF_8);
    }

    @AfterEach
    void stop() {
        clients.close();
        server.shutdownNow();
    }

    @Test
    void sendsTheConversationWithItsSettings() throws IOException {
        type("hi\r/temperature 0.5\r/system Be brief\ragain\r/new\rthird\r" + END);
        run();
        assertThat(service.requests).hasSize(3);
        assertThat(texts(0)).containsExactly("user: hi");
        assertThat(service.requests.get(0).getOptions().getSampling().hasTemperature())
                .isFalse();
        assertThat(texts(1)).containsExactly("system: Be brief", "user: hi", "assistant: echo hi", "user: again");
        assertThat(service.requests.get(1).getOptions().getSampling().getTemperature())
                .isEqualTo(0.5f);
        assertThat(texts(2)).containsExactly("system: Be brief", "user: third");
        assertThat(out.toString()).contains("echo hi");
        assertThat(err.toString()).contains("temperature: 0.5", "system message: Be brief", "new conversation");
    }

    @Test
    void sendsMessagesOfSeveralLines() throws IOException {
        type("one \\\rtwo\r\"\"\"three\rfour\"\"\"\r" + END);
        run();
        assertThat(texts(0)).containsExactly("user: one \ntwo");
        assertThat(texts(1)).endsWith("user: three\nfour");
    }

    @Test
    void remembersMessagesOfEarlierSessions() throws IOException {
        type("first\r" + END);
        run();
        assertThat(Files.readString(directory.resolve("history"))).contains("first");
    }

    @Test
    void reportsAFailedAnswerAndContinuesWithoutItsQuestion() throws IOException {
        type("fail\rnext\r/exit\r");
        run();
        assertThat(texts(1)).containsExactly("user: next");
        assertThat(err.toString()).contains("error: ").contains("no such model");
    }

    @Test
    void ctrlCStopsTheAnswerOnly() throws Exception {
        type("long\r");
        CountDownLatch ended = new CountDownLatch(1);
        Thread typist = Thread.ofPlatform().start(() -> {
            try {
                assertThat(answering.await(30, TimeUnit.SECONDS)).isTrue();
                type(INTERRUPT);
                assertThat(service.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
                type("next\r" + END);
                // A pipe whose writing thread has ended cannot be read.
                ended.await();
            } catch (IOException | InterruptedException failure) {
                throw new IllegalStateException(failure);
            }
        });
        run();
        ended.countDown();
        typist.join();
        assertThat(texts(1)).containsExactly("user: long", "assistant: so far", "user: next");
        assertThat(out.toString()).contains("echo next");
    }

    private void run() {
        Console console = new Console(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                OutputFormat.TABLE,
                true,
                TerminalWidth.UNLIMITED);
        try (LineEditor editor = new LineEditor(terminal, directory.resolve("history"))) {
            new ChatSession(
                            editor,
                            console,
                            (messages, options) -> answer(messages, options, console),
                            Optional.empty(),
                            GenerationOptions.getDefaultInstance())
                    .run();
        }
    }

    private Message answer(List<Message> messages, GenerationOptions options, Console console) {
        String text = CompletionStream.chat(
                        clients,
                        ChatStreamRequest.newBuilder()
                                .addAllMessages(messages)
                                .setOptions(options)
                                .build(),
                        console)
                .text();
        return Message.newBuilder().setRole("assistant").setContent(text).build();
    }

    private List<String> texts(int request) {
        return service.requests.get(request).getMessagesList().stream()
                .map(message -> message.getRole() + ": " + message.getContent())
                .toList();
    }

    private void type(String keys) throws IOException {
        keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
        keyboard.flush();
    }

    /** Answers with the last message; "long" begins an answer that does not end, "fail" is refused. */
    private static final class EchoService extends InferenceServiceGrpc.InferenceServiceImplBase {
        private final List<ChatStreamRequest> requests = new CopyOnWriteArrayList<>();
        private final CountDownLatch cancelled = new CountDownLatch(1);

        @Override
        public void chatStream(ChatStreamRequest request, StreamObserver<ChatStreamResponse> deltas) {
            requests.add(request);
            String text = request.getMessages(request.getMessagesCount() - 1).getContent();
            switch (text) {
                case "fail" ->
                    deltas.onError(
                            Status.NOT_FOUND.withDescription("no such model").asRuntimeException());
                case "long" -> {
                    ((ServerCallStreamObserver<ChatStreamResponse>) deltas).setOnCancelHandler(cancelled::countDown);
                    deltas.onNext(
                            ChatStreamResponse.newBuilder().setText("so far").build());
                }
                default -> {
                    deltas.onNext(ChatStreamResponse.newBuilder()
                            .setText("echo " + text)
                            .build());
                    deltas.onCompleted();
                }
            }
        }
    }
}
