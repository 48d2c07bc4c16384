<?php
class Greeting
{
    public function text(): string
    {
        return "from a class";
    }
}
