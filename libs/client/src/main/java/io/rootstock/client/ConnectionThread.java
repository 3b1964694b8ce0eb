package io.rootstock.client;

import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The thread of a client's connections, which ends with the client. gRPC's own threads would still wait for connections when
 * a short program exits, and the JVM waits up to 300 ms for threads in native code.
 */
public final class ConnectionThread implements AutoCloseable {
    private static final long END_SECONDS = 1;

    private final EventLoopGroup thread = new NioEventLoopGroup(1, new DefaultThreadFactory("connections", true));

    void use(NettyChannelBuilder builder) {
        builder.channelType(NioSocketChannel.class).eventLoopGroup(thread);
    }

    /** Waits until the thread has ended, at most a second. The channels must be shut down. */
    @Override
    public void close() {
        thread.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly(END_SECONDS, TimeUnit.SECONDS);
    }
}
