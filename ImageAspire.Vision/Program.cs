using ImageAspire.Imaging.Isolation;
using ImageAspire.ServiceDefaults;
using ImageAspire.Vision.Hosting;
using ImageAspire.Vision.Models;

// The service starts its own program again to decode images: a crash of native code then costs one image and not the service.
if (DecoderProgram.IsRequested(args))
    return await DecoderProgram.RunAsync(args);
if (ModelInstallation.IsRequested(args))
    return await ModelInstallation.RunAsync(args);
NativeHeap.ReturnMemory();
return await StartUp.RunAsync(() => VisionService.Build(args));
