using System.Buffers;
using System.IO.Pipelines;
using System.Security.Principal;
using Microsoft.AspNetCore.Connections;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Transport;

namespace ImageAspire.ServiceBusEmulator.Wire;

/// <summary>A connection that the web server has accepted, as the AMQP library wants it.</summary>
internal sealed class PipeTransport : TransportBase
{
    private readonly ConnectionContext _connection;
    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private ITransportMonitor? _monitor;

    public PipeTransport(ConnectionContext connection) : base("tcp")
    {
        (_connection, _input, _output) = (connection, connection.Transport.Input, connection.Transport.Output);
        // Where a client speaks AMQP without SASL in front, this is who it is.
        Principal = new GenericPrincipal(new GenericIdentity("anonymous"), []);
    }

    public override string LocalEndPoint => _connection.LocalEndPoint?.ToString() ?? "";

    /// <summary>Unique: connections are found by it.</summary>
    public override string RemoteEndPoint => _connection.ConnectionId;

    public override void SetMonitor(ITransportMonitor usageMeter) => _monitor = usageMeter;

    public override bool ReadAsync(TransportAsyncCallbackArgs args) => IsPending(args, _input.ReadAsync(), Take);

    public override bool WriteAsync(TransportAsyncCallbackArgs args)
    {
        if (args.Buffer is not null)
        {
            _output.Write(args.Buffer.AsSpan(args.Offset, args.Count));
        }
        else
        {
            foreach (var buffer in args.ByteBufferList)
                _output.Write(buffer.Buffer.AsSpan(buffer.Offset, buffer.Length));
        }

        // The pipe has a limit: while the other side does not read, this does not complete, and the queue above grows to its own limit.
        return IsPending(args, _output.FlushAsync(), Written);
    }

    protected override bool CloseInternal()
    {
        _output.Complete();
        return true;
    }

    protected override void AbortInternal() => _connection.Abort();

    // As the library wants it: false when it is done already, true when the callback says so later.
    private static bool IsPending<T>(TransportAsyncCallbackArgs args, ValueTask<T> operation, Action<TransportAsyncCallbackArgs, T> finish)
    {
        if (!operation.IsCompletedSuccessfully)
        {
            _ = FinishAsync(args, operation, finish);
            return true;
        }

        finish(args, operation.GetAwaiter().GetResult());
        args.CompletedSynchronously = true;
        return false;
    }

    private static async Task FinishAsync<T>(TransportAsyncCallbackArgs args, ValueTask<T> operation, Action<TransportAsyncCallbackArgs, T> finish)
    {
        try
        {
            finish(args, await operation);
        }
        catch (Exception error)
        {
            args.Exception = error; // the library closes what is above
        }

        args.CompletedSynchronously = false;
        args.CompletedCallback(args);
    }

    // Zero bytes are the end.
    private void Take(TransportAsyncCallbackArgs args, ReadResult read)
    {
        var part = read.Buffer.Slice(0, Math.Min(args.Count, read.Buffer.Length));
        part.CopyTo(args.Buffer.AsSpan(args.Offset, args.Count));
        args.BytesTransfered = (int)part.Length;
        _input.AdvanceTo(part.End);
        _monitor?.OnTransportRead(0, args.BytesTransfered, 0, 0);
    }

    private void Written(TransportAsyncCallbackArgs args, FlushResult flushed)
    {
        if (flushed.IsCompleted)
            args.Exception = new IOException("The other side has closed the connection.");
        args.BytesTransfered = args.Count;
        _monitor?.OnTransportWrite(0, args.Count, 0, 0);
    }
}
