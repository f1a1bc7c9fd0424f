using System.Net.Mime;
using ImageAspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ImageAspire.Dashboard.Otlp;

/// <summary>Answers a request with telemetry in it.</summary>
/// <param name="intake">Takes it in.</param>
/// <param name="memory">Memory for bodies.</param>
/// <param name="limits">How large a request may be.</param>
internal sealed class OtlpEndpoint(OtlpIntake intake, IntakeMemory memory, TelemetryLimits limits)
{
    // From the first byte of the body to the last. Whoever sends this to itself over loopback needs milliseconds.
    private static readonly TimeSpan BodyTimeout = TimeSpan.FromSeconds(30);

    public async Task TakeAsync(HttpContext context, Signal signal)
    {
        var encoding = context.Request.Headers.ContentEncoding.ToString().Trim();
        var isGzip = encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase);
        if (!IsProtobuf(context.Request) || !(isGzip || encoding.Length == 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)))
        {
            await RefuseAsync(context.Response, StatusCodes.Status415UnsupportedMediaType, RpcCode.InvalidArgument,
                $"This takes {OtlpAnswer.ContentType} (OTLP over HTTP in protobuf), plain or with Content-Encoding: gzip. Set OTEL_EXPORTER_OTLP_PROTOCOL to http/protobuf.");
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(BodyTimeout);
        try
        {
            using var body = await OtlpBody.ReceiveAsync(context.Request, isGzip, limits.RequestBytes, memory, patience.Token);
            var result = await intake.TakeAsync(signal, body.Bytes, context.RequestAborted);
            await context.Response.WriteAsync(StatusCodes.Status200OK, OtlpAnswer.Taken(result), context.RequestAborted);
        }
        catch (MalformedRequestException error)
        {
            await RefuseAsync(context.Response, StatusCodes.Status400BadRequest, RpcCode.InvalidArgument, error.Message);
        }
        catch (RequestTooLargeException error)
        {
            await RefuseAsync(context.Response, StatusCodes.Status413PayloadTooLarge, RpcCode.ResourceExhausted, error.Message);
        }
        catch (BadHttpRequestException error)
        {
            var code = error.StatusCode == StatusCodes.Status413PayloadTooLarge ? RpcCode.ResourceExhausted : RpcCode.InvalidArgument;
            await RefuseAsync(context.Response, error.StatusCode, code, error.Message);
        }
        catch (IntakeBusyException error)
        {
            context.Response.Headers.RetryAfter = "1";
            await RefuseAsync(context.Response, StatusCodes.Status503ServiceUnavailable, RpcCode.Unavailable, error.Message);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            await RefuseAsync(context.Response, StatusCodes.Status408RequestTimeout, RpcCode.DeadlineExceeded,
                $"The body did not arrive within {BodyTimeout.TotalSeconds} seconds.");
        }
    }

    public static Task RefuseAsync(HttpResponse response, int statusCode, RpcCode code, string message)
    {
        if (IsProtobuf(response.HttpContext.Request))
            return response.WriteAsync(statusCode, OtlpAnswer.Error(code, message), response.HttpContext.RequestAborted);
        response.StatusCode = statusCode;
        response.ContentType = MediaTypeNames.Text.Plain;
        return response.WriteAsync(message, response.HttpContext.RequestAborted);
    }

    private static bool IsProtobuf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals(OtlpAnswer.ContentType, StringComparison.OrdinalIgnoreCase);
}
