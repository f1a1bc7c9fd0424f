System.Console.WriteLine("ImageAspire");
