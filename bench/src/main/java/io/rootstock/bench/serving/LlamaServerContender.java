package io.rootstock.bench.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * llama.cpp's server through HTTP. The client is a plain socket that scans for event lines: it costs less than a gRPC
 * client, so the comparison favours the server. Only its cheapest sampler runs.
 */
final class LlamaServerContender implements Contender {
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Path log;
    private final int port;

    LlamaServerContender(Path executable, Path folder, ServingModel model, Setting setting) throws IOException {
        port = freePort();
        log = folder.resolve("llama-server.log");
        String threads = Integer.toString(setting.threads());
        process = new ProcessBuilder(
                        executable.toString(),
                        "-m",
                        model.file().toString(),
                        "-t",
                        threads,
                        "-tb",
                        threads,
                        "-np",
                        Integer.toString(setting.slots()),
                        "-c",
                        Integer.toString(setting.slots() * setting.contextLength()),
                        "-b",
                        "2048",
                        "-ub",
                        "512",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            awaitHealthy();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public String title() {
        return "llama-server, HTTP";
    }

    @Override
    public int generate(String prompt, int tokens, Runnable heard) throws IOException {
        String body = JSON.writeValueAsString(Map.of(
                // llama-server adds BOS, as the file states.
                "prompt",
                prompt,
                "n_predict",
                tokens,
                "stream",
                true,
                "temperature",
                0,
                "samplers",
                List.of("top_k"),
                "top_k",
                1,
                "ignore_eos",
                true,
                "cache_prompt",
                false));
        try (Socket socket = request("POST /completion", body);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("data: ")) {
                    continue;
                }
                if (line.contains("\"stop\":true")) {
                    JsonNode end = JSON.readTree(line.substring("data: ".length()));
                    return end.path("tokens_predicted").asInt();
                }
                if (!line.contains("\"content\":\"\"")) {
                    heard.run();
                }
            }
        }
        throw new IOException("llama-server ended a stream before its end; see " + log);
    }

    @Override
    public ProcessHandle process() {
        return process.toHandle();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void awaitHealthy() throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < end && process.isAlive()) {
            try (Socket socket = request("GET /health", "");
                    BufferedReader lines = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
                String status = lines.readLine();
                if (status != null && status.contains(" 200")) {
                    return;
                }
            } catch (IOException _) {
                // The server does not listen yet.
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        throw new IOException("llama-server does not serve:\n" + Files.readString(log));
    }

    private Socket request(String what, String body) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        try {
            socket.setTcpNoDelay(true);
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            String head = what + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: " + bytes.length + "\r\n\r\n";
            OutputStream out = socket.getOutputStream();
            byte[] headBytes = head.getBytes(StandardCharsets.US_ASCII);
            byte[] all = java.util.Arrays.copyOf(headBytes, headBytes.length + bytes.length);
            System.arraycopy(bytes, 0, all, headBytes.length, bytes.length);
            out.write(all);
            out.flush();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
