using ImageAspire.Backends;
using ImageAspire.Core.Heartbeats;
using ImageAspire.Imaging;
using ImageAspire.Imaging.Isolation;
using ImageAspire.ServiceDefaults;
using ImageAspire.ServiceDefaults.Health;
using ImageAspire.ServiceDefaults.Heartbeats;
using ImageAspire.Worker;
using ImageAspire.Webhooks;

// The Worker starts its own program again to decode images: a crash of native code then costs one image and not the Worker.
if (DecoderProgram.IsRequested(args))
    return await DecoderProgram.RunAsync(args);
return await StartUp.RunAsync(() => Build(args));

static IHost Build(string[] args)
{
    var builder = Host.CreateApplicationBuilder(args);
    builder.AddServiceDefaults();
    builder.AddImageBackend();
    builder.Services.AddImaging(builder.Configuration);
    builder.Services.AddWebhookSender(builder.Configuration);
    builder.Services.AddPipeline(builder.Configuration);
    builder.AddHeartbeat(ServiceNames.Worker);
    builder.AddHealthServer();
    return builder.Build().CheckSettings();
}
