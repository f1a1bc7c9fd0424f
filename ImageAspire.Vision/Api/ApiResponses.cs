using System.Diagnostics;
using ImageAspire.Core.Diagnostics;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Vision.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageAspire.Vision.Api;

/// <summary>What all answers have in common: their headers, and errors in the shape of the public API.</summary>
internal sealed partial class ApiResponses(RequestDelegate next, ILogger<ApiResponses> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers["apim-request-id"] = Guid.NewGuid().ToString("D");
        headers.XContentTypeOptions = "nosniff";
        if (Guid.TryParseExact(Activity.Current?.GetBaggageItem(Spans.ImageId)?.Split(';')[0].Trim(), "D", out var image))
            Activity.Current.About(image);
        try
        {
            await next(context);
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            if (!context.RequestAborted.IsCancellationRequested) // else there is no one to answer
                await WriteAsync(context, ErrorOf(error));
        }
    }

    private static Task WriteAsync(HttpContext context, ApiError error)
    {
        if (error.Status >= StatusCodes.Status500InternalServerError)
            Activity.Current?.SetStatus(ActivityStatusCode.Error, error.Message).SetTag("error.type", error.Inner ?? error.Code);
        var response = context.Response;
        response.StatusCode = error.Status;
        response.Headers["x-ms-error-code"] = error.Inner ?? error.Code;
        if (error.RetryAfter is { } seconds)
            response.Headers.RetryAfter = $"{seconds}";
        return response.WriteAsJsonAsync(error.ToAnswer(), ApiJson.Default.ErrorAnswer, cancellationToken: context.RequestAborted);
    }

    private ApiError ErrorOf(Exception error)
    {
        switch (error)
        {
            case ApiException known:
                return known.Error;
            case UnusableImageException { Code: FailureCodes.TooManyPixels or FailureCodes.NoPixels or FailureCodes.DecoderLimit }:
                return ApiError.ImageSize(error.Message);
            case UnusableImageException:
                return ApiError.ImageFormat(error.Message);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return ApiError.TooLarge;
            case BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout }:
                return ApiError.SlowBody;
            case BadHttpRequestException:
                return ApiError.BadArgument(error.Message);
            case RetryLaterException:
                LogBusy(logger, error.Message);
                return ApiError.Busy;
            case ModelException: // of an optional model, which is loaded when it is needed first
                LogModel(logger, error.Message);
                return ApiError.NotFound;
            default:
                LogFailed(logger, error);
                return ApiError.Failed;
        }
    }

    [LoggerMessage(LogLevel.Error, "An analysis failed.")]
    private static partial void LogFailed(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Error, "Vectors are not offered. {Reason} Then start the service again.")]
    private static partial void LogModel(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "{Reason}")]
    private static partial void LogBusy(ILogger logger, string reason);
}
