using System.Text;
using Microsoft.AspNetCore.Http;

namespace ImageAspire.Dashboard.Otlp;

/// <summary>
/// Answers in protobuf: an Export…ServiceResponse, which has the same numbers for every signal (1 partial_success: 1 rejected, 2 message), or a
/// google.rpc.Status (1 code, 2 message), as OTLP over HTTP wants for errors.
/// </summary>
internal static class OtlpAnswer
{
    public const string ContentType = "application/x-protobuf";

    public static byte[] Taken(IntakeResult result)
    {
        if (result.Reason is null)
            return [];
        using var partial = new MemoryStream();
        Number(partial, 1, (ulong)result.Rejected);
        Bytes(partial, 2, Encoding.UTF8.GetBytes(result.Reason));
        using var response = new MemoryStream();
        Bytes(response, 1, partial.ToArray());
        return response.ToArray();
    }

    public static byte[] Error(RpcCode code, string message)
    {
        using var status = new MemoryStream();
        Number(status, 1, (ulong)code);
        Bytes(status, 2, Encoding.UTF8.GetBytes(message));
        return status.ToArray();
    }

    public static async Task WriteAsync(this HttpResponse response, int statusCode, byte[] message, CancellationToken cancellationToken)
    {
        response.StatusCode = statusCode;
        response.ContentType = ContentType;
        response.ContentLength = message.Length;
        await response.Body.WriteAsync(message, cancellationToken);
    }

    private static void Number(MemoryStream target, int field, ulong value)
    {
        Varint(target, (ulong)field << 3);
        Varint(target, value);
    }

    private static void Bytes(MemoryStream target, int field, byte[] value)
    {
        Varint(target, ((ulong)field << 3) | (ulong)WireType.Bytes);
        Varint(target, (ulong)value.Length);
        target.Write(value);
    }

    private static void Varint(MemoryStream target, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            target.WriteByte((byte)(value | 0x80));
        target.WriteByte((byte)value);
    }
}

/// <summary>Codes of google.rpc.Status that are used here; the numbers are gRPC's.</summary>
internal enum RpcCode
{
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    ResourceExhausted = 8,
    Unavailable = 14,
    Unauthenticated = 16,
}
