using System.Collections.Concurrent;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Sasl;
using Microsoft.Azure.Amqp.Transport;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>Negotiates SASL and AMQP on connections that were accepted, and keeps the list of those that are open.</summary>
internal sealed class AmqpEndpoint
{
    private readonly ConcurrentDictionary<AmqpConnection, byte> _connections = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _opening = [];
    private readonly AcceptedTransports _accepted = new();
    private readonly AmqpTransportListener _listener;
    private readonly LinkFactory _links;

    public AmqpEndpoint(LinkFactory links)
    {
        _links = links;
        var settings = new AmqpSettings { RuntimeProvider = links };
        var version = new AmqpVersion(1, 0, 0);
        var sasl = new SaslTransportProvider { MaxFrameSize = WireLimits.MaxSaslFrameBytes };
        sasl.Versions.Add(version);
        sasl.AddHandler(new SaslAnonymousHandler("MSSBCBS")); // what the service's clients take: the token comes later
        sasl.AddHandler(new SaslAnonymousHandler("ANONYMOUS"));
        sasl.AddHandler(new SaslPlainHandler(new AnyPassword()));
        var amqp = new AmqpTransportProvider();
        amqp.Versions.Add(version);
        settings.TransportProviders.Add(sasl);
        settings.TransportProviders.Add(amqp);
        _listener = new AmqpTransportListener([_accepted], settings);
        _listener.Open();
        _listener.Listen(OnNegotiated);
    }

    /// <summary>Connections that are open.</summary>
    public int Count => _connections.Count;

    /// <summary>Serves a connection until it ends.</summary>
    public async Task ServeAsync(TransportBase transport, TimeProvider time)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var opened = _opening[transport.RemoteEndPoint] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        transport.Closed += (_, _) => ended.TrySetResult();
        transport.Open();
        _accepted.Accept(transport);
        using var handshake = new CancellationTokenSource(WireLimits.Handshake, time);
        try
        {
            await Task.WhenAny(opened.Task, ended.Task).WaitAsync(handshake.Token);
        }
        catch (OperationCanceledException)
        {
            transport.Abort(); // a client that does not say what it wants
        }

        _opening.TryRemove(transport.RemoteEndPoint, out _);
        await ended.Task;
    }

    /// <summary>Cuts all connections, as a network does.</summary>
    public void Abort()
    {
        foreach (var connection in _connections.Keys)
            connection.Abort();
    }

    private void OnNegotiated(TransportListener listener, TransportAsyncCallbackArgs args)
    {
        var settings = new AmqpConnectionSettings
        {
            ContainerId = "imageaspire-servicebus-emulator", MaxFrameSize = WireLimits.MaxFrameBytes, ChannelMax = WireLimits.MaxSessions,
            IdleTimeOut = (uint)WireLimits.Idle.TotalMilliseconds, WriteBufferFullLimit = WireLimits.WriteQueueBytes, WriteBufferEmptyLimit = WireLimits.ResumeWriteBytes,
        };
        var connection = _links.CreateConnection(args.Transport, (ProtocolHeader)args.UserToken, false, _listener.AmqpSettings, settings);
        _connections[connection] = 0;
        connection.Closed += (_, _) => _connections.TryRemove(connection, out _);
        if (connection.State == AmqpObjectState.End)
            _connections.TryRemove(connection, out _);
        connection.BeginOpen(WireLimits.Handshake, OnOpened, connection);
    }

    private void OnOpened(IAsyncResult result)
    {
        var connection = (AmqpConnection)result.AsyncState!;
        try
        {
            connection.EndOpen(result);
            if (_opening.TryGetValue(connection.RemoteEndpoint, out var opened))
                opened.TrySetResult();
        }
        catch (Exception error)
        {
            connection.SafeClose(error); // a handshake that failed; the client learns why, where it can
        }
    }

    /// <summary>Where the library takes its connections from.</summary>
    private sealed class AcceptedTransports() : TransportListener("kestrel")
    {
        public void Accept(TransportBase transport) => OnTransportAccepted(new TransportAsyncCallbackArgs { Transport = transport, CompletedSynchronously = false });

        protected override void OnListen()
        {
            // The web server listens.
        }
    }

    private sealed class AnyPassword : ISaslPlainAuthenticator
    {
        public Task<System.Security.Principal.IPrincipal> AuthenticateAsync(string identity, string password) =>
            Task.FromResult<System.Security.Principal.IPrincipal>(new System.Security.Principal.GenericPrincipal(new System.Security.Principal.GenericIdentity(identity), []));
    }
}
